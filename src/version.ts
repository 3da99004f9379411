/** Of package.json; put in by the build, absent when run from source. */
declare const GATEHOUSE_VERSION: string | undefined

export const version = typeof GATEHOUSE_VERSION === 'undefined' ? '0.0.0-source' : GATEHOUSE_VERSION
