// Starts the documentation page of the API; a file of its own because the content policy allows no inline script.
window.addEventListener("DOMContentLoaded", () => {
  const token = document.querySelector("meta[name=csrf]").content;
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    filter: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRF-Token"] = token;
      return request;
    },
  });
});
