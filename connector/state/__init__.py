"""What must survive: ledger, quarantine, cursors, leases, pace and runs."""
