"""Messages between the applicants and the office, per application: who asks, who answers, and what waits."""
