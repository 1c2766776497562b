"""The ground floor: database, events, time, access, files, jobs, search and errors. It knows nothing of standards."""
