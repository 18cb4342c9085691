/**
 * All of v3, the API that Smile ID gives new customers; each topic is an entry of its own, too.
 *
 * @module
 */
export * from './v3/address.ts'
export * from './v3/aml.ts'
export * from './v3/client.ts'
export * from './v3/enhanced-kyc.ts'
export * from './v3/request.ts'
export * from './v3/services.ts'
export * from './v3/smile-links.ts'
export * from './v3/token.ts'
export * from './v3/users.ts'
