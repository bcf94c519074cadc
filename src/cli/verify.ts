import { type VerifiedStore, verify } from "../log/verify.ts";

/** Verifies everything, says what was found, and sets exit code 1 where anything is wrong. */
export async function reportVerification(store: VerifiedStore & { close(): Promise<void> }): Promise<void> {
  const { sessions, batches, events, auditEntries, trailEntries, faults } = await verify(store);
  await store.close();
  console.log(
    `Walked ${sessions} sessions with ${batches} batches and ${events} events, ${auditEntries} audit entries and ${trailEntries} entries of the trail.`,
  );
  for (const fault of faults) console.log(`WRONG: ${fault}`);
  console.log(
    faults.length === 0
      ? "Every chain is whole, and every record is what its log says."
      : `${faults.length} faults.`,
  );
  if (faults.length > 0) process.exitCode = 1;
}
