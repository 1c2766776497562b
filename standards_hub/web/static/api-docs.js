// Starts the documentation page of the API; a file of its own because the content policy allows no inline script.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    filter: true,
    docExpansion: "none",
    validatorUrl: null,
    requestInterceptor: (request) => {
      const token = document.querySelector("meta[name='csrf-token']")?.content;
      if (token) request.headers["X-CSRF-Token"] = token;
      return request;
    },
  });
});
