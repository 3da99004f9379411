import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { makeAuthority } from '../../../scripts/postgres/certificates.ts'
import { cachingSha2 } from '../../../src/provisioners/mariadb/caching-sha2.ts'
import { Connections } from '../../../src/provisioners/mariadb/connection.ts'
import type { Ask, Version } from '../../../src/provisioners/mariadb/dialect.ts'
import { ed25519PublicKey } from '../../../src/provisioners/mariadb/ed25519.ts'
import { shownBy } from '../../../src/provisioners/mariadb/handshake.ts'
import { mariadb } from '../../../src/provisioners/mariadb/mariadb.ts'
import { mysqlDialect } from '../../../src/provisioners/mariadb/mysql-dialect.ts'
import { databasePattern, literal, quoted } from '../../../src/provisioners/mariadb/names.ts'
import { mariadbVerifier, mysqlVerifier } from '../../../src/provisioners/mariadb/verifier.ts'
import { Secret } from '../../../src/secret.ts'
import { everyCharacter, kind } from './contract.ts'

describe('what a server keeps of a password', () => {
  test('ed25519 is what Node makes of the same secret, where its length is Node’s', () => {
    const secret = 'thirty-two characters, no others'
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(secret)])
    const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
    expect(ed25519PublicKey(secret)).toEqual(key.export({ format: 'der', type: 'spki' }).subarray(-32))
  })

  test('ed25519 is what MariaDB’s documentation shows of the password “secret”', () => {
    const { text } = mariadbVerifier('ed25519', new Secret('secret'))
    expect(text).toBe('ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY')
  })

  test('mysql_native_password is a double SHA-1', () => {
    const { text } = mariadbVerifier('mysql_native_password', new Secret('password'))
    expect(text).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19')
  })

  test('caching_sha2_password is MySQL’s, by a hash that others have published', () => {
    // Hashcat's example of mode 7401: of 5000 rounds, as all were once.
    const salt = Buffer.from('F9CC98CE08892924F50A213B6BC571A2C11778C5', 'hex')
    const digest = Buffer.from(
      '625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F',
      'hex',
    ).toString()
    expect(cachingSha2('hashcat', salt, { format: 'CRYPT5', rounds: 5000 })).toBe(
      `$A$005$${salt.toString('latin1')}${digest}`,
    )
  })

  test.each([
    // As MySQL 9.7.4 has made them of “secret”, with the rounds that it was told.
    [
      'CRYPT5',
      10_000,
      '$A$00A$',
      '2F3838586D070D2C6E340434431147072D1C7D73',
      '5r9X6mJH7lnvmF0x5e0HEEEmF4I9.VhsexYgmJYp.fD',
    ],
    [
      'PBKDF2_SHA512',
      10_000,
      '$B$00A$',
      '0A545E6A734502674D3C34253D5D78214910274F',
      'cXRvm/N8bJO6HM2nZKX7AhnelZH4LLOQxa262cqjzU7LMuiv6wjsvs/APR0MkMKfSuoSL2yT66QKeU23hufIMQ==',
    ],
    [
      'PBKDF2_SHA512',
      5000,
      '$B$005$',
      '7D795E4F6066197D027F191E6555697168785119',
      'EFjlGppw3ODU+Z3+Z4rpgf2bJ4HtdItOom4hcy2pN90gvGIVaQ38g2Zw93qav/J49bnYwTFBjv+OB+srtPcsCQ==',
    ],
  ] as const)('as %s of %i rounds it is MySQL’s too', (format, rounds, head, hexSalt, digest) => {
    const salt = Buffer.from(hexSalt, 'hex')
    expect(cachingSha2('secret', salt, { format, rounds })).toBe(`${head}${salt.toString('latin1')}${digest}`)
  })

  test('caching_sha2_password has a salt of its own each time, of letters that a statement can hold', () => {
    const [one, other] = [1, 2].map(
      () => mysqlVerifier({ format: 'CRYPT5', rounds: 5000 }, everyCharacter).text,
    )
    expect(one).toMatch(/^\$A\$005\$[\w./]{63}$/)
    expect(one).not.toBe(other)
  })
})

describe('names in statements', () => {
  test('stand for themselves', () => {
    expect(quoted('a`b')).toBe('`a``b`')
    expect(literal(`x' or ''='`)).toBe(`'x'' or ''''='''`)
    expect(databasePattern('app_1%\\')).toBe('app\\_1\\%\\\\')
  })

  test.each(['', 'x\0y', 'x'.repeat(65)])('are refused where they can’t be names', name => {
    expect(() => quoted(name)).toThrow('can’t be a name')
  })
})

describe('rights of the portal’s account on MySQL', () => {
  test.each<[Version, readonly string[]]>([
    [[8, 0, 17], []],
    [[8, 0, 21], []],
    [[8, 0, 22], ['SET_USER_ID']],
    [[8, 1, 0], ['SET_USER_ID']],
    [[8, 2, 0], ['ALLOW_NONEXISTENT_DEFINER']],
    [[8, 4, 1], ['ALLOW_NONEXISTENT_DEFINER']],
    [[9, 7, 4], ['ALLOW_NONEXISTENT_DEFINER']],
  ])('to take away what things go by: %o', (version, rights) => {
    expect(mysqlDialect.neededRights('primary', version).slice(3)).toEqual(rights)
  })
})

test('a MySQL that shows nobody, not even the portal itself, is not taken for one without sessions', async () => {
  const rows = (id: number) => [{ Id: id, User: 'somebody' }]
  const ask =
    (list: object[]): Ask =>
    async <R>(sql: string) =>
      (sql.startsWith('show') ? list : [{ id: 7 }]) as R[]
  expect(await mysqlDialect.sessions(ask([...rows(7), ...rows(8)]))).toEqual([{ id: 8, user: 'somebody' }])
  await expect(mysqlDialect.sessions(ask([]))).rejects.toThrow('performance_schema_show_processlist = OFF')
})

describe('what answers', () => {
  const greeting = (capabilities: number) => {
    const body = Buffer.concat([
      Buffer.from([10]),
      Buffer.from('5.5.5-10.11.2-MariaDB\0'),
      Buffer.alloc(13, 1),
      Buffer.from([capabilities & 255, capabilities >> 8]),
      Buffer.alloc(20),
    ])
    return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body])
  }
  const shownBySomething = async (answer: (socket: Socket) => void) => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      answer(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      return await shownBy('127.0.0.1', port, 300)
    } finally {
      server.close()
    }
  }

  test('a server that has no TLS is refused', async () => {
    const shown = shownBySomething(socket => socket.write(greeting(0xf7ff)))
    await expect(shown).rejects.toMatchObject(kind('untrusted'))
  })

  test('something else than MariaDB is refused', async () => {
    const shown = shownBySomething(socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(9)))
    await expect(shown).rejects.toMatchObject(kind('failed'))
  })

  test('a server that turns the portal away is tried again later', async () => {
    const shown = shownBySomething(socket =>
      socket.write(Buffer.from([23, 0, 0, 0, 0xff, 0x10, 4, ...Buffer.from('Too many connections')])),
    )
    await expect(shown).rejects.toMatchObject(kind('unreachable'))
  })

  test('a server that sends without end is given up before it fills the memory', async () => {
    const authority = await makeAuthority('Its CA')
    const { certificate: cert, key } = await authority.issue()
    let sent = 0
    const flood = (socket: Socket) => {
      // A packet is followed by the next part of the same one as long as it is as large as can be.
      const packet = Buffer.alloc(4 + 0xffffff, 0xff)
      const more = () => {
        while (!socket.destroyed && sent < 2 ** 32) {
          packet[3] = (1 + sent / packet.length) % 256
          sent += packet.length
          if (!socket.write(packet)) return void socket.once('drain', more)
        }
      }
      more()
    }
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.write(greeting(0xffff))
      socket.once('readable', () => {
        // The request; what begins TLS may have come in the same breath, and is left for it.
        socket.read(36)
        const over = new TLSSocket(socket, { isServer: true, cert, key })
        over.on('error', () => {})
        // Whoever signs in is welcome; whatever is asked then has no end.
        over.once('data', () => {
          over.write(Buffer.from([7, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0]))
          over.once('data', () => flood(over))
        })
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const there = new Connections(
      {
        name: 'Endless',
        host: 'localhost',
        port,
        standby: null,
        adminName: 'gatehouse',
        adminPassword: new Secret('a password'),
        trust: { ca: authority.certificate, pin: null, standbyPin: null },
        options: {},
      },
      () => new Date(),
    )
    try {
      await expect(there.asAdmin('primary', async () => {})).rejects.toMatchObject({
        message: `localhost:${port}: the server sends more than it was asked for.`,
      })
    } finally {
      server.close()
    }
    expect(sent).toBeLessThan(2 ** 31)
  })

  test('a greeting that never ends is given up', async () => {
    const shown = shownBySomething(socket => socket.write(greeting(0xffff).subarray(0, 20)))
    await expect(shown).rejects.toMatchObject(kind('unreachable'))
  })
})

test('ways to connect verify the server, and never hold the password', () => {
  const strings = mariadb.connectionStrings({
    account: 'dbsrv_x',
    host: '::1',
    port: 3306,
    database: "a'b c",
  })
  expect(strings.map(one => one.text)).toEqual([
    "mysql://dbsrv_x@[::1]:3306/a'b%20c?ssl-mode=VERIFY_IDENTITY&ssl-ca=gatehouse-ca.pem",
    "mariadb --host=::1 --port=3306 --user=dbsrv_x --password --ssl-ca=gatehouse-ca.pem --ssl-verify-server-cert 'a'\\''b c'",
    "mysql --host=::1 --port=3306 --user=dbsrv_x --password --ssl-mode=VERIFY_IDENTITY --ssl-ca=gatehouse-ca.pem 'a'\\''b c'",
    "jdbc:mariadb://[::1]:3306/a'b%20c?user=dbsrv_x&sslMode=verify-full&serverSslCert=gatehouse-ca.pem",
  ])
})
