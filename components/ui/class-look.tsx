import {
  Building2,
  CircleDollarSign,
  CircleHelp,
  Globe,
  HeartPulse,
  KeyRound,
  type LucideIcon,
  Tag,
  UserRound,
} from 'lucide-react';
import type { Classification, KnownClassification } from '@/server/domain/vocabulary';

export type Pattern = 'plain' | 'sparse' | 'diagonal' | 'dots' | 'crosses' | 'lattice' | 'hole' | 'waves';
export type ClassLook = { icon: LucideIcon; hue: string; pattern: Pattern; means: string };

const KNOWN: Record<KnownClassification, ClassLook> = {
  public: { icon: Globe, hue: 'var(--class-public)', pattern: 'plain', means: 'Anyone may see it' },
  internal: {
    icon: Building2,
    hue: 'var(--class-internal)',
    pattern: 'sparse',
    means: 'Everyone in the workspace may see it',
  },
  personal: {
    icon: UserRound,
    hue: 'var(--class-personal)',
    pattern: 'diagonal',
    means: 'Says something about a person',
  },
  financial: {
    icon: CircleDollarSign,
    hue: 'var(--class-financial)',
    pattern: 'dots',
    means: 'Pay, prices, accounts',
  },
  health: { icon: HeartPulse, hue: 'var(--class-health)', pattern: 'crosses', means: 'Somebody’s health' },
  credential: {
    icon: KeyRound,
    hue: 'var(--class-credential)',
    pattern: 'lattice',
    means: 'Opens something: passwords, keys, tokens',
  },
  unclassified: {
    icon: CircleHelp,
    hue: 'var(--class-unclassified)',
    pattern: 'hole',
    means: 'Nobody has said what it holds, so it counts as sensitive',
  },
};
const OWN: ClassLook = {
  icon: Tag,
  hue: 'var(--class-unclassified)',
  pattern: 'waves',
  means: 'A class of this workspace; it counts as sensitive',
};

/** Hue, icon and pattern of a class: three ways of telling them apart, one of them is colour. */
export const classLook = (name: Classification): ClassLook =>
  Object.hasOwn(KNOWN, name) ? KNOWN[name as KnownClassification] : OWN;
