"""Questions about a call: who asks, who answers, and what everybody reads (rule 40)."""
