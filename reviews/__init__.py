"""Assessment: interests, assignments, scores, the advice of the committee."""
