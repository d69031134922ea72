import type undici from 'undici'
// @ts-expect-error -- undici describes itself as a whole only
import request from 'undici/lib/api/api-request.js'
// @ts-expect-error -- the same
import own from 'undici/lib/core/errors.js'
// @ts-expect-error -- the same
import OwnClient from 'undici/lib/dispatcher/client.js'

/*
 * undici's client without the rest of undici, which has fetch, mocks, proxies and caches: an examiner is started for each
 * grading, and all of that would be loaded each time.
 */
export const Client = OwnClient as typeof undici.Client
export const errors = own as typeof undici.errors

// What undici's own entry does, for the one way of asking that is used here.
Object.assign(Client.prototype, { request: request as unknown })
