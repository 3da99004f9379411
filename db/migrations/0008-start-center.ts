import { type Migration, run } from './migration.ts'

export const startCenter: Migration = {
  name: '0008-start-center',
  up: (tx, { id, text, integer, strict }) =>
    run(
      tx,
      `create table notices (
        id ${id},
        subject ${text} not null,
        message ${text} not null,
        customer_id ${text} references customers (id),
        posted_at ${text} not null,
        expires_at ${text},
        posted_by ${text} references persons (id)
      )${strict}`,
      'create index notices_posted on notices (posted_at)',

      `create table notice_views (
        notice_id ${integer} not null references notices (id) on delete cascade,
        person_id ${text} not null references persons (id),
        viewed_at ${text} not null,
        primary key (notice_id, person_id)
      )${strict}`,

      `create table favorites (
        person_id ${text} not null references persons (id),
        page ${text} not null,
        created_at ${text} not null,
        primary key (person_id, page)
      )${strict}`,

      `create table recent_pages (
        person_id ${text} not null references persons (id),
        page ${text} not null,
        visited_at ${text} not null,
        primary key (person_id, page)
      )${strict}`,

      `create table settings (
        name ${text} primary key,
        value ${text} not null
      )${strict}`,
    ),
}
