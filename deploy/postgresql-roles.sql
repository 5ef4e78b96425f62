-- Two roles for one database: the owner migrates, the application works. The application's role can neither change nor
-- switch off what keeps history (triggers), nor empty a table. Run it once as a superuser in the application's database:
--
--   psql --dbname reform --file deploy/postgresql-roles.sql
--
-- then give both roles a password (\password reform_owner), migrate with DATABASE_URL=postgresql://reform_owner:…, and run web,
-- worker and beat with DATABASE_URL=postgresql://reform_app:….
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'reform_owner') THEN
        CREATE ROLE reform_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'reform_app') THEN
        CREATE ROLE reform_app LOGIN;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO reform_owner;
GRANT USAGE ON SCHEMA public TO reform_app;

-- What is there already, and what later migrations add.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reform_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO reform_app;
ALTER DEFAULT PRIVILEGES FOR ROLE reform_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reform_app;
ALTER DEFAULT PRIVILEGES FOR ROLE reform_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO reform_app;
