import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A key and what is signed with it, as PEM. */
export interface Certified {
  key: string
  certificate: string
}

export interface Authority extends Certified {
  /** A certificate for a server on this machine. */
  issue(options?: IssueOptions): Promise<Certified>
}

export interface IssueOptions {
  /** Names and addresses it is for; this machine if nothing is said. */
  hosts?: readonly string[]
  from?: Date
  to?: Date
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const longAgo = new Date('2020-01-01T00:00:00Z')
const farAway = new Date('2120-01-01T00:00:00Z')
const thisMachine = ['localhost', '127.0.0.1']
let serial = Date.now()

/** A CA of its own, known to nobody else. */
export async function makeAuthority(name = 'Gatehouse test CA', to = farAway): Promise<Authority> {
  const keys = await newKeys()
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: nextSerial(),
      name: `CN=${name}`,
      notBefore: longAgo,
      notAfter: to,
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
      ],
    },
    webcrypto as Crypto,
  )
  return {
    ...(await certified(keys, ca)),
    issue: options => issue(ca, keys, options),
  }
}

/** A server's own certificate that nobody else has signed. */
export async function makeSelfSigned({
  hosts = thisMachine,
  from = longAgo,
  to = farAway,
}: IssueOptions = {}): Promise<Certified> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: nextSerial(),
      name: `CN=${hosts[0]}`,
      notBefore: from,
      notAfter: to,
      signingAlgorithm: algorithm,
      keys,
      extensions: ofServer(hosts),
    },
    webcrypto as Crypto,
  )
  return certified(keys, certificate)
}

async function issue(
  ca: x509.X509Certificate,
  caKeys: CryptoKeyPair,
  { hosts = thisMachine, from = longAgo, to = farAway }: IssueOptions = {},
): Promise<Certified> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: nextSerial(),
      subject: `CN=${hosts[0]}`,
      issuer: ca.subject,
      notBefore: from,
      notAfter: to,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      extensions: ofServer(hosts),
    },
    webcrypto as Crypto,
  )
  return certified(keys, certificate)
}

const ofServer = (hosts: readonly string[]) => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  new x509.SubjectAlternativeNameExtension(
    hosts.map(host => ({
      type: /^[\d.]+$|:/.test(host) ? ('ip' as const) : ('dns' as const),
      value: host,
    })),
  ),
]

const newKeys = () =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

async function certified(keys: CryptoKeyPair, certificate: x509.X509Certificate): Promise<Certified> {
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    key: x509.PemConverter.encode(key, 'PRIVATE KEY').concat('\n'),
    certificate: certificate.toString('pem').concat('\n'),
  }
}

function nextSerial(): string {
  serial += 1
  return serial.toString(16).padStart(16, '0')
}
