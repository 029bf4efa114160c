-- The login and the roles of the centre, made once by the superuser of the cluster:
--     sudo -u postgres psql -f roles.sql
-- The login owns the tables and migrates them. Its work for branches, offices and readers it does as the other three,
-- which can do nothing by themselves and are bound by row-level security (db/rights.py says to what).

CREATE ROLE pishkhan LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE pishkhan_sync NOLOGIN NOINHERIT;
CREATE ROLE pishkhan_review NOLOGIN NOINHERIT;
CREATE ROLE pishkhan_member NOLOGIN NOINHERIT;
GRANT pishkhan_sync, pishkhan_review, pishkhan_member TO pishkhan;

-- What watches the server (lag of the archive, size, locks) without seeing a row.
CREATE ROLE pishkhan_watch LOGIN NOSUPERUSER NOBYPASSRLS;
GRANT pg_monitor TO pishkhan_watch;

CREATE DATABASE pishkhan OWNER pishkhan TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
