/** The disk or the store's own limit is full: nothing was written. */
export class StoreFull extends Error {
  constructor(options?: ErrorOptions) {
    super('The store could not be written: its disk is full; free space where ASSAY_DATA stands', options)
    this.name = 'StoreFull'
  }
}

/** The store can't be used just now: nothing was written. */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}
