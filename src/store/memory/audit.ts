import type { AuditEntry, AuditStore } from "../../ports/store.ts";

/** The audit chain in an array. */
export function memoryAudit(): AuditStore {
  const entries: AuditEntry[] = [];
  return {
    last: async () => entries.at(-1) ?? null,
    async append(entry) {
      if (entry.number !== entries.length + 1) return "conflict";
      entries.push(entry);
      return "ok";
    },
    read: async (after, limit) => entries.slice(after, after + limit),
  };
}
