import { Platform } from '../../domain/enums.ts';
import type { Field } from './fields.ts';

type Names = { readonly [field in Field]?: readonly string[] };

interface Preset {
  /** columns that give the tool away: all of one line */
  signs: readonly (readonly string[])[];
  /** the columns of a field, the surest first; what is not here goes by the usual names */
  names: Names;
  /** where its rows without a URL are from */
  platform?: Platform;
}

/** What other tools export, under names as `fold` writes them. Where several fit, an earlier one decides a field. */
const presets: readonly Preset[] = [
  // Apify, Google Maps: the place's own site identifies it; `url` is its page on the map.
  {
    signs: [['title', 'placeid'], ['title', 'searchpageurl'], ['title', 'totalscore', 'categoryname']],
    names: {
      profileUrl: ['website', 'url', 'searchpageurl'],
      displayName: ['title'],
      email: ['emails', 'email'],
      bioText: ['description'],
      tags: ['categories', 'categoryname'],
      externalLinks: ['instagrams', 'facebooks', 'linkedins', 'twitters', 'youtubes', 'tiktoks'],
      followerCount: [],
      organisation: [],
    },
  },
  // Apify, posts and comments on Instagram: `url` is the post's, its owner is the prospect.
  {
    signs: [['ownerusername']],
    names: { profileUrl: [], username: ['ownerusername'], displayName: ['ownerfullname'], bioText: [], externalLinks: [], tags: [], followerCount: [] },
    platform: Platform.INSTAGRAM,
  },
  // Apify, profiles on Instagram.
  {
    signs: [['username', 'biography'], ['username', 'profilepicurlhd'], ['username', 'businesscategoryname'], ['username', 'igtvvideocount']],
    names: {
      profileUrl: ['url', 'profileurl'],
      username: ['username'],
      displayName: ['fullname'],
      email: ['publicemail', 'businessemail', 'email'],
      bioText: ['biography'],
      externalLinks: ['externalurls', 'externalurlsurl', 'externalurl'],
      followerCount: ['followerscount', 'followers'],
    },
    platform: Platform.INSTAGRAM,
  },
  // Apify, profiles on LinkedIn, under the names of the actors that are used most.
  {
    signs: [['linkedinurl', 'publicidentifier'], ['linkedinurl', 'headline'], ['publicidentifier', 'firstname'], ['basicinfoprofileurl'], ['basicinfofullname']],
    names: {
      profileUrl: ['linkedinurl', 'linkedinpublicurl', 'basicinfoprofileurl', 'profileurl', 'url'],
      username: ['publicidentifier', 'basicinfopublicidentifier'],
      displayName: ['fullname', 'basicinfofullname', 'name'],
      firstName: ['firstname', 'basicinfofirstname'],
      lastName: ['lastname', 'basicinfolastname'],
      email: ['email', 'basicinfoemail', 'emailaddress'],
      bioText: ['about', 'basicinfoabout', 'summary', 'headline', 'basicinfoheadline'],
      externalLinks: ['websites', 'websitesurl', 'creatorwebsitelink', 'basicinfocreatorwebsiteurl'],
      followerCount: ['followers', 'followercount', 'followerscount', 'basicinfofollowercount'],
      organisation: ['companyname', 'currentcompany', 'basicinfocurrentcompany', 'currentpositioncompanyname'],
      jobTitle: ['jobtitle', 'occupation'],
    },
    platform: Platform.LINKEDIN,
  },
  // Apify, pages on Facebook.
  {
    signs: [['facebookurl', 'pagename'], ['pageurl', 'pagename']],
    names: { profileUrl: ['pageurl', 'facebookurl'], displayName: ['title', 'pagename'], bioText: ['intro', 'info'], externalLinks: ['website', 'websites'], followerCount: ['followers', 'likes'] },
    platform: Platform.FACEBOOK,
  },
  // Apify, videos on TikTok: who made them is the prospect.
  {
    signs: [['authormetaname']],
    names: {
      profileUrl: ['authormetaprofileurl'],
      username: ['authormetaname'],
      displayName: ['authormetanickname'],
      bioText: ['authormetasignature'],
      externalLinks: ['authormetabiolink'],
      followerCount: ['authormetafans'],
      tags: [],
    },
    platform: Platform.TIKTOK,
  },
  // Apify, posts on X: as well.
  {
    signs: [['authorusername', 'authorfollowers'], ['authorusername', 'authorname']],
    names: { profileUrl: ['authorurl'], username: ['authorusername'], displayName: ['authorname'], bioText: ['authordescription', 'authorprofilebiodescription'], externalLinks: [], followerCount: ['authorfollowers'] },
    platform: Platform.X,
  },
  // Apify, channels on YouTube.
  {
    signs: [['channelname', 'channelurl']],
    names: { profileUrl: ['channelurl'], username: ['channelusername'], displayName: ['channelname'], bioText: ['channeldescription'], externalLinks: ['channeldescriptionlinksurl'], followerCount: ['numberofsubscribers'] },
    platform: Platform.YOUTUBE,
  },
  // Apollo: `Website` is the employer's.
  {
    signs: [['apollocontactid'], ['personlinkedinurl', 'emailstatus'], ['personlinkedinurl', 'companylinkedinurl']],
    names: {
      profileUrl: ['personlinkedinurl'],
      website: ['website'],
      email: ['email', 'secondaryemail'],
      jobTitle: ['title'],
      organisation: ['company', 'companyname', 'companynameforemails'],
      externalLinks: ['companylinkedinurl', 'facebookurl', 'twitterurl'],
      tags: ['lists'],
      bioText: [],
    },
  },
  // PhantomBuster: with Sales Navigator `profileUrl` is a page that only its user sees, and the public one has a name of its own.
  {
    signs: [
      ['linkedinprofileurl'], ['defaultprofileurl'], ['linkedinprofile', 'vmid'], ['profileurl', 'vmid'], ['profileurl', 'connectiondegree'],
      ['profileurl', 'query', 'timestamp'], ['profileurl', 'fullname', 'timestamp'], ['profileurl', 'instagramid'], ['profileurl', 'profilename'], ['twitterprofileurl'],
    ],
    names: {
      profileUrl: ['linkedinprofileurl', 'defaultprofileurl', 'linkedinprofile', 'twitterprofileurl', 'profileurl', 'linkedinurl'],
      username: ['linkedinprofileslug', 'profilename', 'username', 'handle', 'screenname'],
      displayName: ['fullname', 'name'],
      email: ['professionalemail', 'email', 'mail', 'mailfromdropcontact', 'publicemail', 'mailfrombio'],
      bioText: ['linkedindescription', 'description', 'summary', 'bio', 'linkedinheadline', 'headline'],
      followerCount: ['linkedinfollowerscount', 'followerscount', 'followers', 'subscribers'],
      organisation: ['companyname', 'linkedincompanyname', 'company', 'currentcompany'],
      jobTitle: ['linkedinjobtitle', 'jobtitle', 'title', 'job', 'currentjob'],
      website: ['website', 'companywebsite'],
      externalLinks: ['websites', 'externalurl'],
      scrapedAt: ['timestamp', 'refreshedat'],
    },
  },
  // LinkedIn's own export of connections.
  {
    signs: [['firstname', 'lastname', 'connectedon']],
    names: { profileUrl: ['url'], email: ['emailaddress'], organisation: ['company'], jobTitle: ['position'] },
    platform: Platform.LINKEDIN,
  },
  // Where one word is the whole name alone, and half of it beside the other half.
  { signs: [['vorname', 'name']], names: { displayName: [], firstName: ['vorname'], lastName: ['name'] } },
  { signs: [['prenom', 'nom']], names: { displayName: [], firstName: ['prenom'], lastName: ['nom'] } },
  { signs: [['voornaam', 'naam']], names: { displayName: [], firstName: ['voornaam'], lastName: ['naam'] } },
  { signs: [['nombre', 'apellidos'], ['nombre', 'apellido']], names: { displayName: [], firstName: ['nombre'] } },
  { signs: [['nome', 'cognome'], ['nome', 'sobrenome']], names: { displayName: [], firstName: ['nome'] } },
];

/** What the presets say that fit a file with these columns. */
export function presetFor(columns: ReadonlyMap<string, unknown>): { names: Names; platform: Platform | undefined } {
  const fitting = presets.filter(({ signs }) => signs.some((sign) => sign.every((name) => columns.has(name))));
  return {
    names: Object.assign({}, ...fitting.map(({ names }) => names).toReversed()) as Names,
    platform: fitting.find(({ platform }) => platform)?.platform,
  };
}
