import { createServer } from 'node:http'
import vm from 'node:vm'

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const bytes = Buffer.from('0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b', 'hex')

createServer(async (request, response) => {
  const { instance } = await WebAssembly.instantiate(bytes)
  let sum = 0
  for (let turn = 0; turn < 1_000_000; turn++) sum = instance.exports.add(sum, 1)
  const made = new Function('n', 'let s = 0; for (let i = 0; i < n; i++) s += i; return s')(100_000)
  const shown = new Intl.NumberFormat('de-DE').format(vm.runInNewContext('1000 * 1000'))
  const words = 'honest work '.repeat(10_000).match(/(?<word>\p{Letter}+)/gu).length
  response.end(sum === 1_000_000 && made === 4_999_950_000 && shown === '1.000.000' && words === 20_000 ? 'done' : 'wrong')
}).listen(process.env.PORT)
