/** A database as SQLAlchemy and Alembic left it in the incidents: tables of our names, and none as ours are. */
export const sqlAlchemyDatabase = `
create type jobstatus as enum ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED');
create table alembic_version (version_num varchar(32) not null primary key);
insert into alembic_version values ('4f8a1c2b9d0e'), ('b7e3d5a6c1f2');

create table users (id serial primary key, email varchar(255) not null unique);
insert into users (email) values ('ada@example.com');

create table jobs (
  id serial primary key, job_type varchar(50) not null, status jobstatus not null default 'PENDING', params json,
  result json, error_message text, user_id integer references users (id),
  created_at timestamp without time zone default now(), updated_at timestamp without time zone default now()
);
insert into jobs (job_type, status, params, error_message, user_id, created_at, updated_at) values
  ('discover', 'COMPLETED', '{"city": "Vienna"}', null, 1, '2025-11-03 08:00:00', '2025-11-03 08:05:30.25'),
  ('draft', 'FAILED', '{}', 'column jobs.total_targets does not exist', 1, '2025-11-04 09:00:00', '2025-11-04 09:00:01'),
  ('draft', 'RUNNING', null, null, null, '2025-11-05 10:00:00', '2025-11-05 10:00:00'),
  ('teleport', 'COMPLETED', null, null, null, '2025-11-06 10:00:00', '2025-11-06 10:00:00');

create table discovery_queries (id serial primary key, keyword varchar(255) not null, location varchar(255), job_id integer references jobs (id), created_at timestamp default now());
insert into discovery_queries (keyword, location, job_id) values ('art gallery', 'Vienna', 1);

create table prospects (
  id serial primary key, domain varchar(255), page_url text, page_title varchar(512), contact_email varchar(255),
  score numeric(5, 2), discovery_query_id integer references discovery_queries (id), approval_status varchar(50) default 'PENDING',
  draft_status varchar(50) default 'pending', draft_subject text, draft_body text, bio_text text, external_links json,
  follower_count integer, engagement_rate numeric(5, 2), created_at timestamp default now(), updated_at timestamp default now()
);
insert into prospects (domain, page_url, page_title, contact_email, score, discovery_query_id, approval_status, draft_status, external_links, follower_count) values
  ('gallery.example', 'https://www.Gallery.example/about/?utm_source=x', 'Gallery', 'Hello@Gallery.Example', 71.5, 1, 'approved', 'drafted', '["https://a.example"]', 12),
  ('gallery.example', 'https://gallery.example/about', 'Gallery again', null, null, 1, 'PENDING', 'pending', null, null),
  (null, null, 'Only a title', 'not an address', null, null, 'rejected', 'pending', null, null),
  ('minus.example', 'https://minus.example', 'Minus', null, null, null, 'PENDING', 'pending', null, -5);

create table email_drafts (id serial primary key, prospect_id integer, job_id integer, subject varchar(512), body text, status varchar(50), created_at timestamp default now());
insert into email_drafts (prospect_id, job_id, subject, body, status) values
  (1, 2, 'Hello', 'Dear gallery', 'pending'), (1, null, 'Hello again', 'Dear gallery', 'pending'), (2, 99, 'To the second', 'Hi', 'approved'), (999, null, 'To nobody', 'Hi', 'pending');

create table settings (key varchar(255) primary key, value json, updated_at timestamp default now());
insert into settings (key, value) values ('daily_limit', '50');
`;
