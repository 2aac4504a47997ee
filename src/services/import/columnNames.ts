import type { Field } from './fields.ts';

/** A website, which may be a prospect's own or that of whom it works for. */
export const sites: readonly string[] = [
  'website', 'websiteurl', 'website1value', 'webpage', 'homepage', 'web', 'site', 'webseite', 'siteweb', 'siteinternet', 'sitioweb', 'paginaweb', 'sitoweb',
];

/** Each may be what identifies a row: which of two does, nobody can tell. */
export const rivals: ReadonlySet<string> = new Set(['url', 'link', 'profile', 'website']);

/** Names of columns as `fold` writes them, the surest first: English, then German, French, Spanish, Portuguese, Italian and Dutch. */
const names: { readonly [field in Field]: readonly string[] } = {
  sourceType: ['sourcetype'],
  sourcePlatform: ['sourceplatform', 'platform', 'socialnetwork', 'plattform', 'plateforme', 'plataforma', 'piattaforma'],
  profileUrl: [
    'profileurl', 'profilelink', 'publicprofileurl', 'profilurl', 'htmlurl', 'url', 'link', 'profile', ...sites,
    'linkedinprofileurl', 'personlinkedinurl', 'linkedinurlpublic', 'linkedinurl', 'linkedinprofile', 'linkedin', 'instagramurl', 'tiktokurl', 'youtubeurl', 'twitterurl', 'xurl',
    'facebookurl', 'blueskyurl', 'mastodonurl', 'githuburl', 'gitlaburl',
  ],
  username: ['username', 'handle', 'user', 'userhandle', 'screenname', 'login', 'benutzername', 'nomdutilisateur', 'nombredeusuario', 'usuario', 'nomeutente', 'gebruikersnaam'],
  displayName: [
    'displayname', 'fullname', 'name', 'contactname', 'personname', 'anzeigename', 'vollstandigername', 'nomcomplet', 'nombrecompleto', 'nomecompleto',
    'volledigenaam', 'nom', 'nombre', 'nome', 'naam',
  ],
  email: [
    'email', 'emailaddress', 'mail', 'mailaddress', 'primaryemail', 'workemail', 'businessemail', 'professionalemail', 'companyemail', 'contactemail', 'publicemail',
    'personalemail', 'emails', 'email1', 'email1value', 'email1address', 'emailadresse', 'mailadresse', 'adresseemail', 'adressemail', 'courriel', 'correoelectronico', 'correo',
    'direcciondecorreoelectronico', 'enderecodeemail', 'indirizzoemail', 'emailadres', 'email2', 'email2value', 'email2address', 'secondaryemail',
  ],
  bioText: ['biotext', 'bio', 'description', 'biography', 'about', 'aboutme', 'summary', 'headline', 'linkedinheadline', 'prospectlinkedinheadline', 'beschreibung', 'descripcion', 'descricao', 'descrizione', 'omschrijving'],
  externalLinks: ['externallinks', 'links', 'externalurls', 'externalurlsurl', 'externalurl', 'urls', 'websites', 'sociallinks'],
  followerCount: ['followercount', 'followers', 'followerscount', 'numberoffollowers', 'subscribercount', 'subscribers', 'fans', 'abonnenten', 'abonnes', 'seguidores'],
  engagementRate: ['engagementrate', 'engagement'],
  tags: ['tags', 'tag', 'labels', 'schlagworte', 'etiquettes', 'etiquetas'],
  scrapedAt: ['scrapedat'],
  firstName: ['firstname', 'givenname', 'forename', 'vorname', 'prenom', 'primeironome', 'voornaam'],
  lastName: ['lastname', 'surname', 'familyname', 'nachname', 'familienname', 'nomdefamille', 'apellidos', 'apellido', 'sobrenome', 'cognome', 'achternaam'],
  organisation: [
    'organisation', 'organization', 'organizationname', 'organization1name', 'associatedcompany', 'organisationname', 'company', 'companyname', 'currentcompany', 'employer', 'account', 'accountname', 'business',
    'businessname', 'firma', 'unternehmen', 'entreprise', 'societe', 'empresa', 'azienda', 'bedrijf', 'bedrijfsnaam',
  ],
  jobTitle: ['jobtitle', 'position', 'currentposition', 'currentjob', 'occupation', 'organizationtitle', 'organization1title', 'berufsbezeichnung', 'poste', 'puesto', 'cargo', 'functie'],
  website: ['companywebsite', 'companyurl', 'companydomain', 'organizationwebsite', 'domain', 'domainname', 'blog'],
  emailStatus: ['emailstatus', 'emailverificationstatus'],
};

export function namesOf(field: Field): readonly string[] {
  return names[field];
}

/** Without letter case, accents, blanks, punctuation, and places in a list: `E-Mail 1`, `Prénom`, `emails/0` are `email1`, `prenom`, `emails`. */
export function fold(name: string): string {
  const path = name.replaceAll(/(?<=[^/.])[/.]\d+(?=[/.]|$)/g, '');
  return path.toLowerCase().normalize('NFKD').replaceAll(/[^\p{L}\p{N}]/gu, '');
}
