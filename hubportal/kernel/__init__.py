"""The base of all other rooms: time, errors, money, periods and canonical bytes; no models, no HTTP."""
