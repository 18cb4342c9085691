/**
 * All of v3, the API that Smile ID gives new customers; each topic is an entry of its own, too.
 *
 * @module
 */
export * from './v3/callback.ts'
export * from './v3/client.ts'
export * from './v3/enhanced-kyc.ts'
export * from './v3/migrate.ts'
export * from './v3/request.ts'
export * from './v3/result.ts'
export * from './v3/status.ts'
export * from './v3/token.ts'
