"""What belongs to the node itself: ledger, health, metrics, log-in, gallery."""
