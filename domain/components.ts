import type { Components } from './events.ts';
import { allocateInOrder, assertMinor } from './money.ts';
import { COMPONENTS, type Component } from './strategy.ts';

/** An amount for each component. */
export function mapComponents(amountOf: (component: Component) => number): Components {
  return {
    penalty: amountOf('penalty'),
    interest: amountOf('interest'),
    principal: amountOf('principal'),
    fees: amountOf('fees'),
  };
}

/** @throws MONEY_NOT_SAFE_INTEGER */
export function sumOf(components: Components): number {
  return assertMinor(COMPONENTS.reduce((sum, component) => sum + assertMinor(components[component]), 0));
}

/** What an amount pays of each component, in the order of the allocation, and what is left over. */
export function allocate(
  amountMinor: number,
  due: Components,
  allocation: readonly Component[],
): { readonly paid: Components; readonly restMinor: number } {
  const { parts, restMinor } = allocateInOrder(
    amountMinor,
    allocation.map((component) => due[component]),
  );
  return { paid: mapComponents((component) => parts[allocation.indexOf(component)] ?? 0), restMinor };
}
