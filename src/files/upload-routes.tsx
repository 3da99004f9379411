import { Hono } from 'hono'
import { sizeWords } from '../../views/files/size.ts'
import { refuseForeignUpload, refuseUploadWithout } from '../http/csrf.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { isFresh } from '../http/guards.ts'
import { leave, messagePage, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { announcedBytes, answerEarly, arrivingForm, isUpload } from '../http/upload.ts'
import { paths } from '../paths.ts'
import { isOperator } from '../policy.ts'
import { notFound } from '../result.ts'
import { chooseFile } from './file-routes.tsx'
import { askedFolder, folderPage, refusal, storeTrouble } from './folder-answer.tsx'
import { shownName } from './names.ts'
import { findStoreFor, type VisibleStore } from './rights.ts'
import { uploadLimit } from './stores.ts'
import { type UploadEnd, uploadFile } from './upload-file.ts'

/**
 * Files, of any size, read while they arrive. They stand before the limits and the reading of all other forms, so
 * everything those do is done here: who it is, where it comes from and what they may, before the file is read.
 */
export const uploadRoutes = () =>
  new Hono<AppEnv>().post('/assets/:id/files/upload', async (c, next) =>
    isUpload(c) ? answerEarly(c, upload(c)) : next(),
  )

async function upload(c: Ctx): Promise<Response> {
  const foreign = await refuseForeignUpload(c)
  if (foreign) return foreign
  if (!c.get('session')) return leave(c, paths.signIn({ return_to: pageOf(c) }))
  const found = await findFor(c)
  if (!found.ok) return refusal(c, found.problem)
  if (isOperator(c.get('actor')) && !isFresh(c)) return leave(c, paths.identify({ return_to: pageOf(c) }))
  const folder = askedFolder(c)
  if (folder === null) return notFoundPage(c)
  const expected = announcedBytes(c)
  const limit = uploadLimit(c.var.deps.config, found.value.settings)
  return expected !== null && expected > limit + formBytes
    ? tooLarge(c, found.value, limit)
    : receive(c, found.value, folder, expected)
}

/** What a form may have besides its file. */
const formBytes = 1024 * 1024

async function receive(
  c: Ctx,
  found: VisibleStore,
  folder: string,
  expected: number | null,
): Promise<Response> {
  const form = await arrivingForm(c).catch(() => null)
  if (!form) return damaged(c)
  const refused = await refuseUploadWithout(c, form.fields.get('csrf'))
  if (refused) return refused
  const { file } = form
  if (file?.field !== 'file' || file.name === '') return again(c, found, folder, chooseFile)
  const end = await uploadFile(c.var.deps, c.var.actor, found, { ...file, folder, expected }, () =>
    stillAllowed(c),
  )
  return answerFor(c, found, folder, end)
}

/** The same person, in the same session, with the same right. */
async function stillAllowed(c: Ctx) {
  const { personId, idHash } = c.get('session') ?? {}
  await c.get('loadVisitor')()
  const now = c.get('session')
  return now && now.personId === personId && now.idHash === idHash ? findFor(c) : notFound()
}

const findFor = (c: Ctx) =>
  findStoreFor(
    c.var.deps.db,
    c.get('actor'),
    (c.req.param('id') ?? '').replaceAll('\0', ''),
    'files',
    'upload',
  )

function answerFor(
  c: Ctx,
  found: VisibleStore,
  folder: string,
  end: UploadEnd,
): Response | Promise<Response> {
  switch (end.kind) {
    case 'stored': {
      const text = [`${shownName(end.name)} is stored (${sizeWords(end.size)}).`, ...end.notes].join(' ')
      const kind = end.notes.length > 0 ? 'warning' : 'done'
      return seeOther(c, paths.store(found.asset.id, 'files', { path: folder }), { kind, text })
    }
    case 'wrong':
      return again(c, found, folder, end.message)
    case 'too large':
      return tooLarge(c, found, end.limit)
    case 'not allowed':
      return c.get('session') ? problem(c, end.problem) : leave(c, paths.signIn({ return_to: pageOf(c) }))
    case 'broken off':
      return damaged(c)
    case 'failed':
      return storeTrouble(c, found, end.error)
  }
}

const again = (c: Ctx, found: VisibleStore, folder: string, message: string) =>
  folderPage(c, found, folder, { values: {}, errors: { file: message } }, 422)

const tooLarge = (c: Ctx, { asset }: VisibleStore, limit: number) =>
  messagePage(c, 413, {
    title: 'This file is too large',
    lines: [
      `A file may have up to ${sizeWords(limit)} here. Nothing was stored.`,
      'Split it into smaller files, or compress it, and upload it again.',
    ],
    next: { href: paths.store(asset.id, 'files'), label: `Go to the files of ${asset.id}` },
  })

const damaged = (c: Ctx) =>
  messagePage(c, 422, {
    title: 'The file did not arrive whole',
    lines: ['Nothing was stored. Go back and upload it again.'],
  })

/** Where the form stood. */
const pageOf = (c: Ctx) =>
  paths.store(c.req.param('id') ?? '', 'files', { path: askedFolder(c) ?? undefined })
