import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TemplateFieldsFragment } from '../../../graphql/graphql.ts';
import { Empty } from '../../../parts/Empty.tsx';
import { words } from '../../../parts/format.ts';
import parts from '../../../parts/parts.module.css';
import { Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import { Tone } from '../../../parts/Tone.tsx';
import type { Settings } from '../useSettings.ts';
import { defaults, isDefault } from './defaults.ts';
import classes from './Templates.module.css';

type Props = {
  templates: readonly TemplateFieldsFragment[];
  /** undefined as long as they could not be read */
  settings: Settings | undefined;
  open: string | undefined;
  go: (id: string) => void;
  mayAdd: boolean;
};

/** The defaults of both channels, then what is kept under a name. */
export function TemplateTable({ templates, settings, open, go, mayAdd }: Props) {
  return (
    <>
      <Table of="templates" columns={['Template', 'Channel', 'Changed']}>
        {settings &&
          defaults.map(({ id, channel, name, textOf }) => (
            <tr key={id} data-row-of={id} data-current={open === id || undefined}>
              <td>
                <Name id={id} name={name} subject={textOf(settings).subject ?? textOf(settings).body} />
              </td>
              <td>{channel === 'EMAIL' ? 'E-mail' : 'Social'}</td>
              <td>–</td>
            </tr>
          ))}
        {templates.map((template) => (
          <tr key={template.id} data-row-of={template.id} data-current={open === template.id || undefined}>
            <td>
              <Name id={template.id} name={template.name} subject={template.subject ?? template.body}>
                {settings && isDefault(template, settings) && <Tone tone="good">Default</Tone>}
              </Name>
            </td>
            <td>{template.channel === 'EMAIL' ? 'E-mail' : words(template.channel)}</td>
            <td>
              <Time at={template.updatedAt} />
              {template.createdBy && (
                <div className={parts['aside']}>
                  by <bdi>{template.createdBy}</bdi>
                </div>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {templates.length === 0 && (
        <Empty title="No template is kept under a name yet">
          <p>Drafts are made from the default of their channel, or from a text that is given with the job.</p>
          {mayAdd && (
            <Button size="xs" variant="default" onClick={() => go('new')}>
              Write the first template
            </Button>
          )}
        </Empty>
      )}
    </>
  );
}

function Name({ id, name, subject, children }: { id: string; name: string; subject: string; children?: ReactNode }) {
  return (
    <>
      <div className={classes['name']}>
        <Link from="/settings" to="/settings" search={(old) => ({ ...old, open: id })} resetScroll={false} data-row={id}>
          <bdi>{name}</bdi>
        </Link>
        {children}
      </div>
      <div className={classes['subject']} dir="auto">
        {subject}
      </div>
    </>
  );
}
