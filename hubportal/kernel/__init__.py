"""What every other room stands on: time, errors, money, periods and bytes; pure, no models, no HTTP."""
