import { Hono } from 'hono'
import { DeletePage } from '../../views/files/delete-page.tsx'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { invalid, type Result } from '../result.ts'
import { deleteFile } from './delete-file.ts'
import { downloadAnswer } from './download-answer.ts'
import { askedFolder, folderPage, refusal, withStoreTrouble } from './folder-answer.tsx'
import { NewFolderFields } from './folder-forms.ts'
import { makeFolder } from './make-folder.ts'
import { keyOf, nameOf, parentOf, shownName } from './names.ts'
import { findStoreFor, type VisibleStore } from './rights.ts'
import { type StoreName, storeKinds } from './stores.ts'

/** The files and logs of an asset, for those who hold the access. Files themselves come in by `uploadRoutes`. */
export function fileRoutes() {
  const routes = new Hono<AppEnv>()
    .post('/assets/:id/files/upload', signedIn, withoutFile)
    .post('/assets/:id/files/folders', signedIn, operatorsIdentified(), newFolder)
  for (const store of storeKinds)
    routes
      .get(`/assets/:id/${store}`, signedIn, c => listing(c, store))
      .get(`/assets/:id/${store}/download`, signedIn, c => download(c, store))
      .get(`/assets/:id/${store}/delete`, signedIn, c => askBeforeDeleting(c, store))
      .post(`/assets/:id/${store}/delete`, signedIn, operatorsIdentified(), c => deleting(c, store))
  return routes
}

type Act = Parameters<typeof findStoreFor>[4]

const find = (c: Ctx, store: StoreName, act: Act): Promise<Result<VisibleStore>> =>
  findStoreFor(c.var.deps.db, c.var.actor, (c.req.param('id') ?? '').replaceAll('\0', ''), store, act)

async function listing(c: Ctx, store: StoreName) {
  const found = await find(c, store, 'list')
  if (!found.ok) return refusal(c, found.problem)
  const folder = askedFolder(c)
  return folder === null ? notFoundPage(c) : folderPage(c, found.value, folder)
}

async function download(c: Ctx, store: StoreName) {
  const found = await find(c, store, 'download')
  if (!found.ok) return refusal(c, found.problem)
  const key = keyOf(c.req.query('path'))
  return key ? downloadAnswer(c, found.value, key) : problem(c, whichFile)
}

/** Browsers send a form with a file as what it is; this one has none. */
async function withoutFile(c: Ctx) {
  const found = await find(c, 'files', 'upload')
  if (!found.ok) return refusal(c, found.problem)
  const folder = askedFolder(c)
  if (folder === null) return notFoundPage(c)
  return folderPage(c, found.value, folder, { values: {}, errors: { file: chooseFile } }, 422)
}

async function newFolder(c: Ctx) {
  const found = await find(c, 'files', 'make-folder')
  if (!found.ok) return refusal(c, found.problem)
  const folder = askedFolder(c)
  if (folder === null) return notFoundPage(c)
  const form = await parseForm(c, NewFolderFields)
  if (!form.ok) return folderPage(c, found.value, folder, form, 422)
  return withStoreTrouble(c, found.value, async () => {
    const { deps, actor } = c.var
    const made = await makeFolder(deps, actor, found.value, folder, form.value.folder_name)
    if (made.ok)
      return seeOther(
        c,
        paths.store(found.value.asset.id, 'files', { path: made.value }),
        'The folder was made.',
      )
    if (made.problem.kind !== 'invalid') return problem(c, made.problem)
    return folderPage(c, found.value, folder, withErrors(form, made.problem.fields), 422)
  })
}

async function askBeforeDeleting(c: Ctx, store: StoreName) {
  const found = await find(c, store, 'delete')
  if (!found.ok) return refusal(c, found.problem)
  const key = keyOf(c.req.query('path'))
  if (!key) return problem(c, whichFile)
  return c.html(
    <DeletePage chrome={await chromeOf(c, 'assets')} asset={found.value.asset} store={store} file={key} />,
  )
}

async function deleting(c: Ctx, store: StoreName) {
  const found = await find(c, store, 'delete')
  if (!found.ok) return refusal(c, found.problem)
  const key = keyOf(c.req.query('path'))
  if (!key) return problem(c, whichFile)
  return withStoreTrouble(c, found.value, async () => {
    const deleted = await deleteFile(c.var.deps, c.var.actor, found.value, key)
    if (!deleted.ok) return problem(c, deleted.problem)
    const folder = paths.store(found.value.asset.id, store, { path: parentOf(key) })
    return seeOther(c, folder, `${shownName(nameOf(key))} was deleted.`)
  })
}

export const chooseFile = 'Choose a file first.'
const whichFile = invalid(
  {},
  'The address does not say which file. Go to the list and choose one there.',
).problem
