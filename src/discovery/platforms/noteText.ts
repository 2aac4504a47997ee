import { load } from 'cheerio/slim';

/** What a profile says in HTML, as text: a line for each <br>, an empty one between paragraphs. */
export function noteText(html: string): string {
  const $ = load(html, null, false);
  $('script, style').remove();
  $('br').replaceWith('\n');
  $('p').append('\n\n');
  return $.root().text().replaceAll(/[^\S\n]+\n/g, '\n').replaceAll(/\n{3,}/g, '\n\n').trim();
}

/** Where the links of a profile's HTML lead, without hashtags and mentions. */
export function noteLinks(html: string): string[] {
  const $ = load(html, null, false);
  return $('a[href]:not(.hashtag):not(.mention)').map((_, link) => $(link).attr('href')).get();
}
