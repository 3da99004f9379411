import { ProvisionerError, type ServerIdentity } from './provisioner.ts'

/**
 * Asks both. A primary that is away is left empty where its standby answers: that is when a promotion has to be
 * noticed.
 */
export async function identifyPair(
  askPrimary: () => Promise<string>,
  askStandby: (() => Promise<string>) | null,
): Promise<ServerIdentity> {
  if (!askStandby) return { primary: await askPrimary(), standby: null }
  const [primary, standby] = await Promise.allSettled([askPrimary(), askStandby()])
  if (standby.status === 'rejected') throw primary.status === 'rejected' ? primary.reason : standby.reason
  if (primary.status === 'fulfilled') return { primary: primary.value, standby: standby.value }
  if (!isAway(primary.reason)) throw primary.reason
  return { primary: '', standby: standby.value }
}

const isAway = (error: unknown) => error instanceof ProvisionerError && error.kind === 'unreachable'
