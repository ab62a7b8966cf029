"""The operators' pages at `/console`: what people asked, what to teach the bot, how it does.

Pages are made on the server and work without scripts. The console is handed all that it needs
(`bot.console.desk.Desk`); it knows neither the platforms nor how anything is stored.
"""
