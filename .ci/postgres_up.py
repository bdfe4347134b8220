"""Exit 0 if the PostgreSQL server of the tests answers, trying for ten seconds."""

import os
import sys
import time

import psycopg

DSN = os.environ.get("SWITCHROOM_POSTGRES_DSN", "postgresql://root@127.0.0.1:5432/test")
for _ in range(20):
    try:
        psycopg.connect(DSN, connect_timeout=2).close()
    except psycopg.Error as error:
        problem = error
        time.sleep(0.5)
    else:
        sys.exit(0)
print(f"no PostgreSQL at {DSN}: {problem}")
sys.exit(1)
