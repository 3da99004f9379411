import { paths } from '../../src/paths.ts'
import { mariadbRights, mysqlRights } from '../../src/provisioners/mariadb/rights.ts'
import { leastRights, schemaPublic, standbyOnlyRule } from '../../src/provisioners/postgresql/rights.ts'

/** For operators: what to prepare on a server, and what happens at a failover. */
export const SettingUpDatabasesHelp = () => (
  <>
    <Steps />
    <h2>Whom the portal believes</h2>
    <p>
      It speaks TLS or not at all. Give the CA that has signed the server’s certificate, or, where there is
      none, the SHA-256 fingerprint of the certificate itself (
      <code>openssl x509 -in server.crt -noout -fingerprint -sha256</code>). With a CA the certificate has to
      name the host as you enter it. What owners of accounts download as the certificate is verified in the
      same way; if it can’t be, nothing is shown or replaced, and Administration tells you.
    </p>
    <PostgresqlHelp />
    <MariadbHelp />
    <Db2Help />
    <CommandHelp />
    <FailoverHelp />
    <TrustHelp />
  </>
)

const Steps = () => (
  <ol>
    <li>Make the portal’s account on the server, with the rights that stand below for its kind.</li>
    <li>
      <a href={paths.adminDatabaseServers()}>Database servers</a>: press <strong>New Database Server</strong>,
      and enter its address, the account, and the CA. The password is stored encrypted; a reference to an
      environment variable or a file is read anew each time.
    </li>
    <li>
      <a href={paths.adminAssets()}>Assets administration</a>: open the asset, its tab{' '}
      <strong>Database</strong>, and choose server, database and the owners of its tables.
    </li>
    <li>
      <strong>Check now</strong> on the server’s page, or <code>gatehouse doctor</code>, looks at everything
      that would make accounts unsafe or impossible, and shows the statements to run. Accounts are offered
      once it has passed.
    </li>
  </ol>
)

const Code = ({ lines }: { lines: readonly string[] }) => (
  <pre class="code-block" tabindex={0}>
    {lines.join('\n')}
  </pre>
)

const PostgresqlHelp = () => (
  <>
    <h2>PostgreSQL 14 to 18</h2>
    <p>
      The least the portal’s account needs; <code>owner</code> is the role that owns the database and its
      tables, and no superuser. The portal’s account needs to be none either, and never gets{' '}
      <code>pg_read_all_data</code>. With these rights accounts were made, changed, proven and taken away,
      also on a standby, and the check was made on 14.23, 15.18, 16.14, 17.10 and 18.4.
    </p>
    {leastRights.map(({ versions, statements, why }) => (
      <>
        <h3>Version {versions}</h3>
        <Code lines={statements} />
        <p class="help-note">{why}</p>
      </>
    ))}
    <p>
      For each asset the portal makes two groups, <code>gatehouse_GROUP_rw</code> and{' '}
      <code>gatehouse_GROUP_ro</code>, which hold the rights; accounts are members only. Databases may not let
      everybody connect:
    </p>
    <Code lines={['revoke connect on database "app" from public;']} />
    <p>
      In databases that were made up to version 14 the schema public belongs to a superuser, and everybody may
      make tables in it. Let it be there as later versions have it:
    </p>
    <Code lines={schemaPublic} />
    <h3>With a standby</h3>
    <p>
      Accounts for production are read-only and belong on the standby. They come there by replication, so they
      exist on the primary too; two lines keep them off it. They stand first in <code>pg_hba.conf</code> of
      the primary, <code>gatehouse</code> being the portal’s account, and must not stand on the standby:
    </p>
    <Code lines={standbyOnlyRule.lines} />
    <p class="help-note">{standbyOnlyRule.afterFailover}</p>
  </>
)

const MariadbHelp = () => (
  <>
    <h2>MariaDB and MySQL</h2>
    <p>
      The least the portal’s account needs; <code>app</code> is a database of an asset. It keeps a small book
      of what it has made in a schema of its own, because the server has no place for that on an account.
    </p>
    {[mariadbRights, mysqlRights].map(({ versions, statements, standby, why }) => (
      <>
        <h3>{versions}</h3>
        <Code lines={statements} />
        <p>On a standby also:</p>
        <Code lines={standby} />
        <p class="help-note">{why}</p>
      </>
    ))}
    <ul>
      <li>
        Servers get what they store of a password and not the password itself, so that it stands in no general
        log: <code>ed25519</code> on MariaDB where its plug-in is loaded, else{' '}
        <code>mysql_native_password</code>; <code>caching_sha2_password</code> on MySQL, in the form and with
        the rounds that the server is set to.
      </li>
      <li>Accounts must use TLS.</li>
      <li>
        Accounts for production are made on the replica only, without writing to its binary log; the primary
        does not know them. The portal’s account has to be on both. On MySQL that takes GTIDs (
        <code>gtid_mode = ON</code>) and a replica that has <code>read_only</code> and not{' '}
        <code>super_read_only</code>, under which nobody can make accounts.
      </li>
    </ul>
    <p class="help-note">
      All of this was run on pairs of MariaDB 10.11 and of MySQL 9.7. Other versions of MySQL are supported by
      its documentation: try them on a server that does not matter first.
    </p>
  </>
)

const Db2Help = () => (
  <>
    <h2>Db2</h2>
    <p>
      Accounts belong to the operating system. Two programs, given as lists of arguments in the server’s
      options, do the work: one makes, changes and removes accounts, such as ssh to a fixed script on the host
      with the password on its standard input; one runs statements that grant and revoke, such as{' '}
      <code>db2</code>.
    </p>
    <p class="help-note">
      No Db2 was at hand: its contract test runs against a recorded stand-in. Try it on a server that does not
      matter first.
    </p>
  </>
)

const CommandHelp = () => (
  <>
    <h2>Any other system: Command</h2>
    <p>
      A program of yours makes the accounts. It is started with the arguments of the server’s options, in
      which words such as <code>{'{{verb}}'}</code>, <code>{'{{name}}'}</code> and{' '}
      <code>{'{{database}}'}</code> are replaced; never through a shell. Passwords come on its standard input:
      the account’s on the first line, the one you have entered on the second. How it ended is told by its
      exit status.
    </p>
  </>
)

const FailoverHelp = () => (
  <>
    <h2 id="failover">After a failover, or a restored backup</h2>
    <p>
      Every five minutes the portal looks whether the servers still are what they were. When one was promoted,
      restored or replaced, nothing is granted on it any more, its accounts are suspended, and you get a mail.
    </p>
    <ol>
      <li>Enter the present primary and standby on the server’s page, and save: it is checked at once.</li>
      <li>
        PostgreSQL: put the two lines of <code>pg_hba.conf</code> where they belong now, and reload.
      </li>
      <li>
        Whatever else the check finds has to be put right. Then press <strong>Check now</strong>, or run{' '}
        <code>gatehouse doctor</code>. When it passes, the accounts are given back by themselves.
      </li>
    </ol>
  </>
)

const TrustHelp = () => (
  <>
    <h2>What operators are trusted with</h2>
    <p>
      The portal connects to whatever host and port an operator enters, and reads whatever file a reference
      names, with its own rights: operators can reach what the portal can reach, but none of the portal’s own
      files, its master key among them. What a reference holds is used as the password for that server, and is
      shown nowhere. Every change is in the <a href={paths.adminAudit()}>Audit trail</a>, without passwords.
    </p>
  </>
)
