/*
 * What made-up.ts draws from. Each list has entries that a program stumbles over when it counts bytes for characters, takes
 * letters for ASCII, or puts a value into a statement without quoting it. Change nothing lightly: a grading that is repeated
 * must draw the same again.
 */
export const GIVEN_NAMES = listed(`
  Ada, Zoë, Łukasz, José, Ольга, Renée, Jürgen, Søren, Þóra, İpek, Nguyệt, Siobhán, Xiu, 美咲, Ana María, Jean-Luc,
  D'Arcy, Željko, Ağca, Μαρία, Yaël, Ines, Björn, Chloé, Dvořák, Ewa, Fatma, Grażyna, Hélène, Ingrid, Jānis,
  Käthe, Lea, Māra, Nils, Óscar, Pál, Quinn, Rūta, Štěpán`)

export const FAMILY_NAMES = listed(`
  Lovelace, O'Neil, Müller, Núñez, Ångström, Škoda, Groß, Żeleński, Петрова, 渡辺, de la Cruz, van Dijk, Đorđević,
  Øverland, Çelik, Þorsdóttir, Kőszegi, Null, Sørensen, Ionescu, Papadópoulos, Nakamura, Weiß, Dupont, Bianchi,
  Horváth, Ibáñez, Jansen, Kowalczyk, Lindqvist, Məmmədov, Novák, Öztürk, Pérez, Quiroga, Rossi, Särkkä,
  D'Angelo, Urbańska, Villaseñor`)

export const STREETS = listed(`
  Hafenstraße, Rue de l’Église, Calle Mayor, Østergade, Ulica Długa, Náměstí Míru, High Street, St. John's Lane,
  Via Roma, Kærvej, İstiklal Caddesi, Παραλιακή`)

export const CITIES = listed(`
  Malmö, Łódź, São Paulo, København, Zürich, Reykjavík, Hà Nội, Kraków, A Coruña, L'Aquila, Saint-Étienne,
  München, Αθήνα, 京都, Bad Tölz, Winston-Salem`)

export const COUNTRIES = listed(`
  Österreich, Côte d’Ivoire, España, Ísland, Türkiye, Polska, Ελλάδα, 日本, Timor-Leste, Perú`)

/** Single characters; plain ones stand several times, so that a text still has words. */
export const TEXT_PARTS: readonly string[] = Array.from(
  `abcdefghiklmnoprstuvw   eeaaiioouäöüßéèñøåçłžÞđİıΩλЖяשع漢字ひ한'"\\%_;&<>$#{}[]()/?!,.-+=0123456789👋🧪€`,
)

function listed(text: string): readonly string[] {
  return text.trim().split(/,\s+/)
}
