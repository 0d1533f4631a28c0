-- Run as superuser, once in each database of an office: psql --set=owner_password=... --set=app_password=... -f database-roles.sql
-- gandeng_owner owns the tables and migrates; gandeng_app serves pages and jobs and is bound by row security.
-- Roles belong to the whole server: where one is there already, as for a second database to restore into, it stays.
select format('create role gandeng_owner login password %L', :'owner_password')
    where not exists (select from pg_roles where rolname = 'gandeng_owner') \gexec
select format('create role gandeng_app login password %L', :'app_password')
    where not exists (select from pg_roles where rolname = 'gandeng_app') \gexec
-- Part of PostgreSQL's contrib, for constraints on dates that never overlap. The owner need not make it.
create extension if not exists btree_gist;
grant all on schema public to gandeng_owner;
grant usage on schema public to gandeng_app;
alter default privileges for role gandeng_owner in schema public
    grant select, insert, update, delete on tables to gandeng_app;
alter default privileges for role gandeng_owner in schema public
    grant usage, select on sequences to gandeng_app;
-- PostgreSQL's own log must quote no row: neither the DETAIL of an error nor the statement, which holds what was typed.
alter role gandeng_owner set log_error_verbosity = terse;
alter role gandeng_owner set log_min_error_statement = panic;
alter role gandeng_app set log_error_verbosity = terse;
alter role gandeng_app set log_min_error_statement = panic;
