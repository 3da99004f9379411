/** Why nothing can be made in a folder; null: it can. Folders that other programs have made may be called anything. */
export function wrongPlace(folder: string, name: string): string | null {
  const parts = folder === '' ? [] : folder.slice(0, -1).split('/')
  if (parts.some(part => ['', '.', '..'].includes(part)))
    return 'Nothing can be put into this folder, because of its name. Choose another folder.'
  const bytes = Buffer.byteLength(folder) + Buffer.byteLength(name)
  return bytes > 1000
    ? 'The folder and the name are too long together. Choose a folder further up, or a shorter name.'
    : null
}
