/**
 * What every journal and every replay store must do, as cases that any test runner can run: for stores of
 * your own, whose mistakes would cost money and show only under load. Ours are held to the same cases.
 *
 * @module
 */
export type { StoreCase } from './store-contract/cases.ts'
export { type JournalOpener, testJournal } from './store-contract/journal.ts'
export {
  type ContractOptions,
  type ReplayStoreOpener,
  testReplayStore,
} from './store-contract/replay-store.ts'
