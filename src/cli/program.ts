/**
 * What is typed to run the command. The package's own name: npx asks the registry for whatever is not
 * installed, and the name `smileid` belongs to nobody there.
 */
export const PROGRAM = 'npx smileid-edge'
