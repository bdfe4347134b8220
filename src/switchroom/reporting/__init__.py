"""Reports: a fold over the log, the views that it answers, and how they are written out."""
