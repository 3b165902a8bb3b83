"""Running the house: web workers and the job worker under one roof. See `moothall serve`."""
