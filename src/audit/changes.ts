/** What an edit changed, for the trail: field → [before, after]. Fields that stayed as they were are left out. */
export const changesOf = <T extends object>(
  before: Readonly<T>,
  after: Readonly<Partial<T>>,
): Record<string, [unknown, unknown]> =>
  Object.fromEntries(
    (Object.keys(after) as (keyof T & string)[])
      .filter(key => !sameAs(before[key], after[key]))
      .map(key => [key, [before[key], after[key]]]),
  )

const sameAs = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)
