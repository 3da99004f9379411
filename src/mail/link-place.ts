/** A line of its own. The same word in a name or a text that somebody typed is not where a secret goes. */
const place = /^\{\{link\}\}$/gm

export const withLink = (body: string, link: string | null) => body.replace(place, () => link ?? '')

/** What stands before, between and after. */
export const aroundLink = (body: string): string[] => body.split(place)
