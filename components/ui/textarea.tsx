import type { ComponentProps } from 'react';
import { cn } from './cn';
import { FIELD } from './input';

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea rows={3} {...props} className={cn(FIELD, 'resize-y py-2', className)} />;
}
