"""Word documents in: a .docx with the citation fields of Zotero or Mendeley becomes a draft in Markdown."""
