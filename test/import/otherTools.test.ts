import { ImportBench, inPieces } from './support.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await ImportBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

interface ProspectRow {
  canonical_key: string;
  display_name: string;
  email: string | null;
  username: string | null;
  bio_text: string | null;
  external_links: string[];
  follower_count: number | null;
  tags: string[];
  source_type: string;
  source_platform: string;
  scraped_at: Date | null;
}

const prospects = () => bench.query<ProspectRow>('select * from prospects order by id');
const profiles = () => bench.query<{ canonical_key: string; username: string }>('select canonical_key, username from social_profiles order by canonical_key');
const keys = async () => (await prospects()).map((row) => row.canonical_key);

async function imported(content: string | Buffer, options: Parameters<ImportBench['import']>[1] = {}): Promise<ProspectRow[]> {
  const job = await bench.import(content, options);
  expect({ failures: await bench.failures(job.id), status: job.status }).toEqual({ failures: [], status: 'succeeded' });
  return prospects();
}

describe("LinkedIn's export of connections", () => {
  const notes =
    'Notes:\r\n"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see email addresses for connections who have allowed it, see https://www.linkedin.com/psettings/privacy/email."\r\n\r\n';
  const table =
    'First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\nAda,Lovelace,https://www.linkedin.com/in/Ada-L,ada@example.org,"Analytical Engines, Ltd.",Mathematician,05 Mar 2024\r\nGrace,Hopper,https://www.linkedin.com/in/grace-h%C3%B6pper-1a2b,,Navy,Rear Admiral,14 Jan 2023\r\n';

  test('its notes before the header are passed over, names are put together, a profile is made', async () => {
    expect(await imported(notes + table)).toMatchObject([
      { canonical_key: 'linkedin.com/in/ada-l', display_name: 'Ada Lovelace', email: 'ada@example.org', username: 'Ada-L', bio_text: 'Mathematician, Analytical Engines, Ltd.', source_platform: 'linkedin', source_type: 'social' },
      { canonical_key: 'linkedin.com/in/grace-h%c3%b6pper-1a2b', display_name: 'Grace Hopper', email: null, username: 'grace-höpper-1a2b' },
    ]);
    expect(await profiles()).toEqual([
      { canonical_key: 'linkedin.com/in/ada-l', username: 'Ada-L' },
      { canonical_key: 'linkedin.com/in/grace-h%c3%b6pper-1a2b', username: 'grace-höpper-1a2b' },
    ]);
  });

  test('however the network cuts it', async () => {
    for (const size of [1, 5, 100]) {
      const job = await bench.import(inPieces(Buffer.from(`\uFEFF${notes}${table}`), size), { dryRun: true });
      expect(job.outcome_counts).toEqual({ created: 2 });
    }
  });

  test('the line of a row that fails counts the notes', async () => {
    const job = await bench.import(`${notes}${table},,,,,,01 Feb 2022\r\n`);
    expect(await bench.failures(job.id)).toMatchObject([{ line: 7, ordinal: 3, code: 'REQUIRED', column: 'URL' }]);
  });

  test('without notes it is the same file', async () => {
    await imported(table);
    expect(await keys()).toEqual(['linkedin.com/in/ada-l', 'linkedin.com/in/grace-h%c3%b6pper-1a2b']);
  });
});

describe('Apollo', () => {
  const header =
    'First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Primary Email Source,Seniority,Departments,Contact Owner,Corporate Phone,Stage,Lists,# Employees,Industry,Keywords,Person Linkedin Url,Website,Company Linkedin Url,Facebook Url,Twitter Url,City,Country,Apollo Contact Id';
  const person = ({ first = 'Ada', email = 'ada@acme.example', status = 'Verified', linkedin = '' } = {}) =>
    `${first},Lovelace,CTO,Acme GmbH,Acme,${email},${status},Apollo,C suite,Engineering,me@example.org,'+49 30 1,Cold,"Berlin,Founders",12,software,"a, b",${linkedin},http://www.acme.example,http://www.linkedin.com/company/acme,https://facebook.com/acme,,Berlin,Germany,65f0`;

  test('a person is told by their profile, never by the website of the company', async () => {
    const rows = await imported(`${header}\n${person({ linkedin: 'http://www.linkedin.com/in/ada-l' })}\n${person({ first: 'Bob', email: 'bob@acme.example' })}\n`);
    expect(rows).toMatchObject([
      {
        canonical_key: 'linkedin.com/in/ada-l',
        display_name: 'Ada Lovelace',
        email: 'ada@acme.example',
        bio_text: 'CTO, Acme GmbH',
        external_links: ['http://www.linkedin.com/company/acme', 'https://facebook.com/acme', 'http://www.acme.example/'],
        tags: ['Berlin', 'Founders'],
      },
      { canonical_key: 'bob@acme.example', display_name: 'Bob Lovelace', source_type: 'website' },
    ]);
  });

  test.each(['Bounced', 'Invalid', 'Do Not Mail'])('an address that it calls %s is left out', async (status) => {
    expect(await imported(`${header}\n${person({ status, linkedin: 'linkedin.com/in/ada-l' })}\n`)).toMatchObject([{ email: null }]);
  });
});

describe('PhantomBuster', () => {
  test('with Sales Navigator the public profile counts, not the page that only its user sees', async () => {
    const rows = await imported(
      'profileUrl,fullName,firstName,lastName,companyName,title,companyUrl,summary,linkedInProfileUrl,query,timestamp\n' +
        '"https://www.linkedin.com/sales/lead/ACwAAA1,NAME_SEARCH,pehn",Ada Lovelace,Ada,Lovelace,Acme,CTO,https://www.linkedin.com/sales/company/1,,https://www.linkedin.com/in/ada-l/,https://www.linkedin.com/sales/search?x=1,2024-03-01T10:00:00.000Z\n',
    );
    expect(rows).toMatchObject([
      { canonical_key: 'linkedin.com/in/ada-l', display_name: 'Ada Lovelace', bio_text: 'CTO, Acme', external_links: [], scraped_at: new Date('2024-03-01T10:00:00Z') },
    ]);
  });

  test('a profile scraper: the first address that it found, the slug, followers', async () => {
    const rows = await imported(
      'linkedinProfileUrl,linkedinProfileSlug,firstName,lastName,linkedinHeadline,linkedinFollowersCount,professionalEmail,mail,companyName,companyWebsite,refreshedAt\n' +
        'https://www.linkedin.com/in/grace-h/,grace-h,Grace,Hopper,Admiral,"1,234",,grace@navy.example,Navy,navy.example,2024-05-06T07:08:09Z\n',
    );
    expect(rows).toMatchObject([
      { display_name: 'Grace Hopper', username: 'grace-h', email: 'grace@navy.example', follower_count: 1234, bio_text: 'Admiral', external_links: ['https://navy.example/'] },
    ]);
  });

  test('Instagram, with firstName and lastName only', async () => {
    const rows = await imported('profileUrl,firstName,lastName,profileName,instagramID,bio,website,followersCount,mailFromBio\nhttps://www.instagram.com/ada.l/,Ada,L,ada.l,17,Maths,https://ada.example,12.5K,ada@ada.example\n');
    expect(rows).toMatchObject([
      { canonical_key: 'instagram.com/ada.l', display_name: 'Ada L', username: 'ada.l', follower_count: 12_500, email: 'ada@ada.example', external_links: ['https://ada.example/'] },
    ]);
    expect(await profiles()).toEqual([{ canonical_key: 'instagram.com/ada.l', username: 'ada.l' }]);
  });
});

describe('Apify', () => {
  const instagram = {
    inputUrl: 'https://www.instagram.com/humansofny',
    id: '242598499',
    username: 'humansofny',
    url: 'https://www.instagram.com/humansofny',
    fullName: 'Humans of New York',
    biography: 'New York, one story at a time.',
    externalUrls: [{ title: 'Bio', lynx_url: 'https://l.instagram.com/?u=x', url: 'http://bit.ly/carmen', link_type: 'external' }],
    externalUrl: 'http://bit.ly/carmen',
    followersCount: 12_900_000,
    followsCount: 250,
    businessCategoryName: 'None',
    private: false,
    relatedProfiles: [{ id: '1', full_name: 'Somebody Else', username: 'else' }],
    latestPosts: [{ url: 'https://www.instagram.com/p/abc/', ownerUsername: 'humansofny', caption: 'Hi' }],
  };
  const instagramRow = {
    canonical_key: 'instagram.com/humansofny',
    display_name: 'Humans of New York',
    username: 'humansofny',
    bio_text: 'New York, one story at a time.',
    external_links: ['http://bit.ly/carmen'],
    follower_count: 12_900_000,
    source_platform: 'instagram',
  };

  test('Instagram as NDJSON, with objects inside', async () => {
    expect(await imported(`${JSON.stringify(instagram)}\n`, { format: 'ndjson' })).toMatchObject([instagramRow]);
  });

  test('Instagram as CSV, with columns like externalUrls/0/url', async () => {
    const rows = await imported(
      'biography,businessCategoryName,externalUrl,externalUrls/0/link_type,externalUrls/0/title,externalUrls/0/url,followersCount,fullName,latestPosts/0/ownerUsername,latestPosts/0/url,relatedProfiles/0/username,url,username\n' +
        '"New York, one story at a time.",None,http://bit.ly/carmen,external,Bio,http://bit.ly/carmen,12900000,Humans of New York,humansofny,https://www.instagram.com/p/abc/,else,https://www.instagram.com/humansofny,humansofny\n',
    );
    expect(rows).toMatchObject([instagramRow]);
  });

  test('Instagram where only some columns were chosen: the handle makes the URL', async () => {
    await imported('username,fullName,biography\nada.l,Ada L,Maths\n');
    expect(await keys()).toEqual(['instagram.com/ada.l']);
  });

  test('posts on Instagram give their owners, once each', async () => {
    const post = (code: string) => JSON.stringify({ type: 'Image', shortCode: code, url: `https://www.instagram.com/p/${code}/`, caption: 'Hello', ownerFullName: 'Ada L', ownerUsername: 'ada.l', likesCount: 3 });
    const job = await bench.import(`${post('a')}\n${post('b')}\n`, { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ created: 1, duplicate: 1 });
    expect(await prospects()).toMatchObject([{ canonical_key: 'instagram.com/ada.l', display_name: 'Ada L', bio_text: null, external_links: [] }]);
  });

  test('LinkedIn, flat', async () => {
    const person = { linkedinUrl: 'https://www.linkedin.com/in/williamhgates', firstName: 'Bill', lastName: 'Gates', fullName: 'Bill Gates', headline: 'Chair', about: 'Reader', followers: 35_000_000, email: null, companyName: 'Gates Foundation', companyWebsite: 'gatesfoundation.org', publicIdentifier: 'williamhgates' };
    expect(await imported(JSON.stringify(person), { format: 'ndjson' })).toMatchObject([
      { canonical_key: 'linkedin.com/in/williamhgates', display_name: 'Bill Gates', username: 'williamhgates', bio_text: 'Reader', external_links: ['https://gatesfoundation.org/'] },
    ]);
  });

  test('LinkedIn, nested: as CSV and as JSON it is the same', async () => {
    const csv = 'basic_info/fullname,basic_info/headline,basic_info/profile_url,basic_info/public_identifier,basic_info/follower_count,basic_info/email,experience/0/company\nAda Lovelace,CTO,https://linkedin.com/in/ada-l,ada-l,77,ada@example.org,Acme\n';
    const [fromCsv] = await imported(csv);
    const json = { basic_info: { fullname: 'Ada Lovelace', headline: 'CTO', profile_url: 'https://linkedin.com/in/ada-l', public_identifier: 'ada-l', follower_count: 77, email: 'ada@example.org' }, experience: [{ company: 'Acme' }] };
    const job = await bench.import(JSON.stringify(json), { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ unchanged: 1 });
    expect(fromCsv).toMatchObject({ display_name: 'Ada Lovelace', bio_text: 'CTO', follower_count: 77, email: 'ada@example.org' });
  });

  test.each([
    ['Facebook', { facebookUrl: 'https://www.facebook.com/cafeada', pageName: 'cafeada', title: 'Café Ada', likes: 12, followers: 15, website: 'cafe-ada.example' }, 'facebook.com/cafeada', 'Café Ada', 15],
    ['TikTok', { id: '7', text: 'hi', webVideoUrl: 'https://www.tiktok.com/@ada/video/7', authorMeta: { name: 'ada', nickName: 'Ada L', fans: 9, signature: 'Maths', bioLink: null } }, 'tiktok.com/@ada', 'Ada L', 9],
    ['X', { type: 'tweet', url: 'https://x.com/ada/status/1', text: 'hi', author: { userName: 'ada', name: 'Ada L', url: 'https://x.com/ada', description: 'Maths', followers: 8 } }, 'x.com/ada', 'Ada L', 8],
    ['YouTube', { title: 'A video', url: 'https://www.youtube.com/watch?v=1', channelName: 'Ada L', channelUrl: 'https://www.youtube.com/@ada', numberOfSubscribers: 7 }, 'youtube.com/@ada', 'Ada L', 7],
  ])('%s: whose it is, not the post', async (_, item, key, name, followers) => {
    expect(await imported(JSON.stringify([item]), { format: 'ndjson' })).toMatchObject([{ canonical_key: key, display_name: name, follower_count: followers, source_type: 'social' }]);
    expect(await profiles()).toHaveLength(1);
  });

  test("Google Maps: a place is told by its own site, else by its page on the map", async () => {
    const place = (changes: object) => ({
      title: 'Café Ada', categoryName: 'Café', categories: ['Café', 'Bakery, artisan'], address: 'Berlin', website: 'https://cafe-ada.example/?utm_source=gmb', phone: '+49', placeId: 'ChIJ1', totalScore: 4.7,
      url: 'https://www.google.com/maps/search/?api=1&query=Caf%C3%A9&query_place_id=ChIJ1', searchString: 'cafe', scrapedAt: '2024-04-05T06:07:08.000Z', location: { lat: 1, lng: 2 },
      emails: ['hello@cafe-ada.example', 'jobs@cafe-ada.example'], instagrams: ['https://www.instagram.com/cafeada'], ...changes,
    });
    const rows = await imported(JSON.stringify([place({}), place({ title: 'No Site', website: null, emails: [], instagrams: [] })]), { format: 'ndjson' });
    expect(rows).toMatchObject([
      {
        canonical_key: 'cafe-ada.example',
        display_name: 'Café Ada',
        email: 'hello@cafe-ada.example',
        tags: ['Café', 'Bakery, artisan'],
        external_links: ['https://www.instagram.com/cafeada', expect.stringContaining('query_place_id=ChIJ1')],
        source_type: 'website',
      },
      { canonical_key: 'google.com/maps/search?api=1&query=Caf%C3%A9&query_place_id=ChIJ1', display_name: 'No Site' },
    ]);
  });

  test('Google Maps as CSV, with emails/0 and emails/1', async () => {
    const rows = await imported('title,placeId,website,url,emails/0,emails/1,categories/0,categories/1\nCafé Ada,ChIJ1,https://cafe-ada.example,https://maps.google.com/?cid=1,,two@cafe-ada.example,Café,Bakery\n');
    expect(rows).toMatchObject([{ canonical_key: 'cafe-ada.example', email: 'two@cafe-ada.example', tags: ['Café', 'Bakery'] }]);
  });
});

describe('a JSON array', () => {
  const item = (name: string) => ({ name, url: `https://${name}.example`, bio: 'says "hi", [x] {y} \\' });

  test('on many lines, cut anywhere', async () => {
    const content = Buffer.from(`\uFEFF${JSON.stringify([item('a'), item('b'), item('c')], null, 2)}\n`);
    for (const size of [1, 7, 1000]) {
      const job = await bench.import(inPieces(content, size), { format: 'ndjson', dryRun: true });
      expect(job.outcome_counts).toEqual({ created: 3 });
    }
  });

  test('on one line of more than a record may be long', async () => {
    const items = Array.from({ length: 300 }, (_, index) => ({ ...item(`p${index}`), about: 'x'.repeat(5_000) }));
    const job = await bench.import(JSON.stringify(items), { format: 'ndjson', dryRun: true });
    expect(job.outcome_counts).toEqual({ created: 300 });
  });

  test('bad items fail alone, with their lines', async () => {
    const content = `[\n${JSON.stringify(item('a'))},\n7,\n{"name": nonsense},\n{"name": "${'x'.repeat(1_200_000)}"},\n${JSON.stringify(item('b'))}\n]\n`;
    const job = await bench.import(content, { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ created: 2, failed: 3 });
    expect((await bench.failures(job.id)).map(({ line, code }) => [line, code])).toEqual([[3, 'INVALID_JSON'], [4, 'INVALID_JSON'], [5, 'TOO_LONG']]);
  });

  test('that breaks off says so of the item it breaks off in', async () => {
    const job = await bench.import(`[${JSON.stringify(item('a'))},{"name":"b","url":"https://b.`, { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ created: 1, failed: 1 });
  });

  test('items of any depth and width are read without harm', async () => {
    const deep = `{"name":"deep","url":"https://deep.example","x":${'[{"y":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`;
    const wide = JSON.stringify({ name: 'wide', url: 'https://wide.example', ...Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, { a: 1 }])) });
    const job = await bench.import(`[${deep},${wide}]`, { format: 'ndjson' });
    expect(job.outcome_counts).toEqual({ created: 2 });
  });

  test('without items is no row', async () => {
    expect((await bench.import(' [ ] ', { format: 'ndjson' })).processed).toBe(0);
  });
});

describe('any other file', () => {
  test.each([
    ['English', 'FIRST NAME;Surname;E-Mail;Company;Company Website', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
    ['German', 'Vorname;Name;E-Mail-Adresse;Firma;Webseite', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
    ['French', 'Prénom;Nom;Adresse e-mail;Société;Site web', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
    ['Spanish', 'Nombre;Apellidos;Correo electrónico;Empresa;Sitio web', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
    ['Italian', 'Nome;Cognome;Indirizzo e-mail;Azienda;Sito web', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
    ['Dutch', 'Voornaam;Achternaam;E-mailadres;Bedrijf;Website', 'Ada;Lovelace;ada@example.org;Acme;acme.example'],
  ])('in %s, of people', async (_, header, row) => {
    expect(await imported(`${header}\n${row}\n`)).toMatchObject([
      { canonical_key: 'ada@example.org', display_name: 'Ada Lovelace', email: 'ada@example.org', external_links: ['https://acme.example/'] },
    ]);
  });

  test('two people of one company are two prospects', async () => {
    await imported('Name,Company,Email,Website\nAda,Acme,ada@acme.example,acme.example\nBob,Acme,bob@acme.example,acme.example\n');
    expect(await keys()).toEqual(['ada@acme.example', 'bob@acme.example']);
  });

  test('a company is told by its website, and called by its name', async () => {
    expect(await imported('Company,Website,LinkedIn URL\nAcme,acme.example,https://linkedin.com/company/acme\n')).toMatchObject([
      { canonical_key: 'acme.example', display_name: 'Acme', external_links: ['https://linkedin.com/company/acme'] },
    ]);
  });

  test('the website of whom a person works for identifies them where nothing else does', async () => {
    await imported('First Name,Last Name,Email,Website\nAda,L,,ada.example\n');
    expect(await keys()).toEqual(['ada.example']);
  });

  test('of several columns of one field the surest that has something counts, row by row', async () => {
    const rows = await imported('Name,Profile URL,Website,Work Email,Personal Email\nA,https://x.com/a,https://a.example,,a@home.example\nB,,https://b.example,b@work.example,b@home.example\n');
    expect(rows).toMatchObject([
      { canonical_key: 'x.com/a', email: 'a@home.example', external_links: ['https://a.example/'] },
      { canonical_key: 'b.example', email: 'b@work.example' },
    ]);
  });

  test('a mapping wins over a tool and over names, and may give the parts of a name', async () => {
    const content = 'First Name,Last Name,Person Linkedin Url,Email Status,Email,Website,Rufname\nAda,Lovelace,https://linkedin.com/in/ada-l,Verified,ada@example.org,https://ada.example,Augusta\n';
    expect(await imported(content, { mapping: { Website: 'profileUrl', Rufname: 'firstName' } })).toMatchObject([{ canonical_key: 'ada.example', display_name: 'Augusta Lovelace' }]);
  });

  test('two columns that a mapping gives to one field are refused', async () => {
    await expect(bench.import('A,B,Name\n', { mapping: { A: 'email', B: 'email' } })).rejects.toThrow('"A" and "B" both give email');
  });

  test("Excel's sep=; and blank lines before the header are passed over", async () => {
    await imported('sep=;\r\n\r\nName;Website\r\nAda;ada.example\r\n');
    expect(await keys()).toEqual(['ada.example']);
  });

  test('notes and no header: what is missing is said of the first line', async () => {
    await expect(bench.import('Notes:\nnothing here\n')).rejects.toThrow('its columns are Notes:.');
  });

  test.each(['constructor', '__proto__', 'toString'])('a platform called %s is one that is not known', async (platform) => {
    expect(await imported(`Name,Website,Platform\nAda,ada.example,${platform}\n`)).toMatchObject([{ source_platform: 'other' }]);
  });

  test('a quote against formulas is taken off again', async () => {
    expect(await imported(`Name,Website,Bio\n'=Ada,ada.example,'+1 to all\n`)).toMatchObject([{ display_name: '=Ada', bio_text: '+1 to all' }]);
  });

  test("what Outrider itself exports is taken as Outrider's", async () => {
    const content = 'source_type,source_platform,profile_url,username,display_name,email,bio_text,external_links,follower_count,engagement_rate,tags,scraped_at\nsocial,github,https://github.com/minio/x,minio,HighwayHash,a@b.example,Bio,"[""https://github.com/minio/x""]",7,1.5,"[""a,b""]",2024-01-02T03:04:05.000Z\n';
    expect(await imported(content)).toMatchObject([
      { canonical_key: 'github.com/minio/x', display_name: 'HighwayHash', username: 'minio', external_links: ['https://github.com/minio/x'], tags: ['a,b'], follower_count: 7 },
    ]);
  });
});
