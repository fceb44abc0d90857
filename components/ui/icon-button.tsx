'use client';
import { Button, type ButtonProps } from './button';
import { Tooltip } from './tooltip';

/** A button that shows only an icon: its label is its accessible name and its tooltip. */
export function IconButton({
  label,
  ...props
}: Omit<ButtonProps, 'size' | 'aria-label'> & { label: string }) {
  return (
    <Tooltip content={label}>
      <Button variant="ghost" size="icon" aria-label={label} {...props} />
    </Tooltip>
  );
}
