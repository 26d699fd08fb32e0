"""The main job, end to end on real input: an experiment over labelled requests, its answer, and the rollback of the loser."""
