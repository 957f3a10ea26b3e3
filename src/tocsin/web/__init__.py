"""The pages of one node: signed-in desk pages, public pages; server-rendered, without need of script."""
