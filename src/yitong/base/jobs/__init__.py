"""任务: queue, schedules and reactions to the ledger."""
