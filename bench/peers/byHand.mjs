// The page written by hand: node:http, pg, two statements, JSON.stringify. Nothing is generic, nothing is checked.
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const globalId = (type, id) => Buffer.from(`${type}:${id}`).toString('base64url');

const prospects = `select id, display_name, email, profile_url, bio_text, tags, follower_count, stage, created_at
  from prospects order by created_at desc, id desc limit $1`;
const profiles = `select id, prospect_id, platform, username, profile_url, follower_count
  from social_profiles where prospect_id = any($1) order by id`;

async function page(first) {
  const { rows } = await pool.query({ name: 'prospects', text: prospects, values: [first + 1] });
  const shown = rows.slice(0, first);
  const edge = await pool.query({ name: 'profiles', text: profiles, values: [shown.map((row) => row.id)] });
  const profilesOf = Map.groupBy(edge.rows, (row) => row.prospect_id);
  const nodes = shown.map((row) => ({
    id: globalId('Prospect', row.id),
    displayName: row.display_name,
    email: row.email,
    profileUrl: row.profile_url,
    bioText: row.bio_text,
    tags: row.tags,
    followerCount: row.follower_count,
    stage: row.stage.toUpperCase(),
    createdAt: row.created_at,
    socialProfiles: (profilesOf.get(row.id) ?? []).map((profile) => ({
      id: globalId('SocialProfile', profile.id),
      platform: profile.platform.toUpperCase(),
      username: profile.username,
      profileUrl: profile.profile_url,
      followerCount: profile.follower_count,
    })),
  }));
  return { data: { prospects: { nodes, pageInfo: { hasNextPage: rows.length > first } } } };
}

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { variables } = JSON.parse(body);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(await page(variables.first)));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
