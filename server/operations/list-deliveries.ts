import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { DeliveryView } from '@/server/domain/views';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { listDeliveryRows, reviveDelivery } from '@/server/store/deliveries';
import type { Deps } from './deps';

/** Messages that left, wait to leave, or were given up; at most 200. */
export const listDeliveries = async (
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
): Promise<Outcome<DeliveryView[]>> => accept(await listDeliveryRows(deps.db, person.workspaceId));

export const retryDeliveryInput = z.strictObject({ deliveryId: z.string().regex(/^\d{1,19}$/) });

/** Tries a message again that was given up, or sends one to a webhook once more. What it says is made anew when it leaves; its id stays. */
export async function retryDelivery(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof retryDeliveryInput>,
): Promise<Outcome<{ deliveryId: string }>> {
  return inTransaction<Outcome<{ deliveryId: string }>>(deps.db, async (tx) => {
    const revived = await reviveDelivery(tx, person.workspaceId, input.deliveryId);
    if (revived === null) {
      return refuse(
        'delivery_unknown',
        'There is no message here that could be sent again. It may have been tried again meanwhile.',
      );
    }
    const { channel, recipient, actionId } = revived;
    await append(tx, {
      workspaceId: person.workspaceId,
      kind: 'delivery.retried',
      actor: { kind: 'person', id: person.personId, name: person.name },
      ...(actionId === null ? {} : { actionId }),
      data: { deliveryId: input.deliveryId, channel, recipient },
    });
    return accept({ deliveryId: input.deliveryId });
  });
}
